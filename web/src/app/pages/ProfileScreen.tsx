import { NotificationSettings } from '@/features/notification/NotificationSettings';
import { ProfilePage } from '@/features/team/ProfilePage';
import { DeviceSettings, SwipeSettings } from './DeviceSettings';

export function ProfileScreen() {
  return <ProfilePage notifications={<><SwipeSettings /><NotificationSettings /><DeviceSettings /></>} />;
}
